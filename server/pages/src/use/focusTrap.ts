/** Keeps the keyboard inside a dialog while it is open, and gives the focus back when it closes. */
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex="-1"])'

/** What can take the focus inside an element, in order. */
export function focusables(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((element) => !element.closest('[hidden]'))
}

/** Traps the focus in `root` for the life of the component. */
export function useFocusTrap(root: Ref<HTMLElement | null>, onEscape: () => void): void {
  const before = document.activeElement instanceof HTMLElement ? document.activeElement : null

  function onKeydown(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onEscape()
    }
    if (event.key !== 'Tab' || !root.value) return
    const inside = focusables(root.value)
    const first = inside[0]
    const last = inside[inside.length - 1]
    if (!first || !last) return
    const active = document.activeElement
    if (event.shiftKey && (active === first || !root.value.contains(active))) {
      event.preventDefault()
      last.focus()
    } else if (!event.shiftKey && (active === last || !root.value.contains(active))) {
      event.preventDefault()
      first.focus()
    }
  }

  onMounted(() => {
    document.addEventListener('keydown', onKeydown, true)
    if (root.value && !root.value.contains(document.activeElement)) focusables(root.value)[0]?.focus()
  })
  onBeforeUnmount(() => {
    document.removeEventListener('keydown', onKeydown, true)
    before?.focus()
  })
}
