#!/usr/bin/env bash
# pages.sh install | build: the packages of the pages (npm ci), and the pages themselves with the scene's module, each only when
# something changed.
source "$(dirname "$0")/lib.sh"
cd server/pages
case ${1:-} in
    install)
        key=$(sha256sum package-lock.json package.json | sha256sum)
        if [ -d node_modules/vite ] && fresh npm "$key"; then exit 0; fi
        say "installing the packages of the pages"
        npm ci --no-audit --no-fund || fail "npm ci 失败：请检查网络与 npm 的源" "npm ci failed: check the network and npm's registry"
        done_with npm "$key"
        ;;
    build)
        bash "$ROOT/docker/setup/wasm.sh"
        key=$(find . -type f -not -path './node_modules/*' -not -path './dist/*' -not -path './e2e/*' -print0 | LC_ALL=C sort -z |
            xargs -0 sha256sum | sha256sum)
        if [ -f dist/index.html ] && fresh pages "$key"; then exit 0; fi
        say "building the pages"
        npm run --silent build
        done_with pages "$key"
        ;;
    *) fail "用法：pages.sh install|build" "usage: pages.sh install|build" ;;
esac
