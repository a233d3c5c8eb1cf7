/** The Escape key closes what was opened last. */
import { onBeforeUnmount, onMounted } from 'vue'

type Handler = () => boolean
const handlers: Handler[] = []

function onKeydown(event: KeyboardEvent) {
  if (event.key !== 'Escape' || event.defaultPrevented) return
  // The newest first; the one that says it did something ends it.
  if ([...handlers].reverse().some((handler) => handler())) event.preventDefault()
}

/** Calls `handler` on Escape for the life of the component; it says whether it closed something. */
export function useEscape(handler: Handler): void {
  onMounted(() => {
    if (!handlers.length) document.addEventListener('keydown', onKeydown)
    handlers.push(handler)
  })
  onBeforeUnmount(() => {
    handlers.splice(handlers.indexOf(handler), 1)
    if (!handlers.length) document.removeEventListener('keydown', onKeydown)
  })
}
