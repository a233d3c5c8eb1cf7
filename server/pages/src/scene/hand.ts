/** What a reader's hand does to the scene: it moves the camera, and a click means a thing. */
import { BY_NAME_ONLY } from '../map/pick'
import type { Position } from '../types'
import type { Camera } from '../url'
import { orCrash, type SceneCore, type ScenePicked } from './core'
import type { Hand, Point } from './gestures'
import type { SceneHost } from './host'

/** What a click can mean. */
export interface Meanings {
  onPick: (id: number, at: Position) => void
  onPickCentre: (at: Position) => void
  onEmptyClick: () => void
}

/** A pointer is aimed at a point, a fingertip covers some: pixels to the points around that are asked too. */
const REACH = { mouse: 5, touch: 12 }

/** The points that a click asks about, its own first. */
function around([x, y]: Point, reach: number): Point[] {
  return [[x, y], [x + reach, y], [x - reach, y], [x, y + reach], [x, y - reach]]
}

/** A hand on a scene. */
export function handOn(host: Pick<SceneHost, 'use' | 'move' | 'fly' | 'hold' | 'fail' | 'camera'>, means: Meanings): Hand {
  const moved = (change: (core: SceneCore) => Camera | undefined) => host.move(host.use(change, false))

  async function click(at: Point, touch: boolean): Promise<void> {
    try {
      for (const [x, y] of around(at, touch ? REACH.touch : REACH.mouse)) {
        const picking: Promise<ScenePicked | undefined> | undefined = host.use((core) => core.pick(x, y))
        const found = picking && (await orCrash(picking))
        // Areas and streets lie under every click; they are not what it means.
        if (!found || BY_NAME_ONLY.has(found.layer)) continue
        means.onPick(found.id, [found.lon, found.lat])
        return
      }
      means.onEmptyClick()
    } catch (error) {
      host.fail(error)
    }
  }

  return {
    pan: (from, to) => moved((core) => core.pan(from[0], from[1], to[0], to[1])),
    zoomAt: (at, levels) => moved((core) => core.zoomAt(at[0], at[1], levels)),
    turn: (right) => moved((core) => core.turn(right)),
    tilt: (down) => moved((core) => core.tilt(down)),
    spin: (degrees) => host.move({ ...host.camera, bearing: host.camera.bearing + degrees }),
    lean: (degrees) => host.move({ ...host.camera, pitch: host.camera.pitch + degrees }),
    north: () => host.fly({ ...host.camera, bearing: 0 }),
    click: (at, touch) => void click(at, touch),
    open: () => means.onPickCentre([host.camera.lon, host.camera.lat]),
    hold: () => host.hold(),
  }
}
