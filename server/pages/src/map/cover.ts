/** What covers the map: the door card, beside it or as a sheet from below. */

/** Pixels at each side that are not free. */
export interface Cover {
  left: number
  right: number
  top: number
  bottom: number
}

/** How much of an element is covered; `margin` pixels are left free around the rest. */
export function coverOf(element: HTMLElement, margin = 48): Cover {
  const frame = element.getBoundingClientRect()
  const panel = document.querySelector('[data-covers-map]')?.getBoundingClientRect()
  const cover = { left: margin, right: margin, top: margin, bottom: margin }
  if (!panel || panel.width === 0) return cover
  if (panel.width > frame.width * 0.8) cover.bottom += Math.min(frame.bottom - panel.top, frame.height * 0.55)
  else cover.left += panel.right - frame.left
  return cover
}
