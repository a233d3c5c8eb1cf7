/** Elements that stand on points of the ground, over the scene. */
import type { Foot } from '../map/pane'
import type { Position } from '../types'

/** The pin's tip stays this far above its point, so that the number of the door can still be read. */
const LIFT_PX = 8

/** All pins of a scene. */
export class Pins {
  readonly layer = document.createElement('div')
  #pins = new Map<HTMLElement, { at: Position; foot: Foot }>()

  /** `project` says where a point of the ground is in the picture. */
  constructor(private readonly project: (at: Position) => readonly [number, number] | undefined) {
    this.layer.className = 'scene-pins'
  }

  /** Puts one there; the answer takes it away. */
  add(element: HTMLElement, at: Position, foot: Foot): () => void {
    element.classList.add('scene-pin')
    this.#pins.set(element, { at, foot })
    this.layer.append(element)
    this.place()
    return () => {
      this.#pins.delete(element)
      element.remove()
    }
  }

  /** Puts all of them where their points now are. */
  place(): void {
    for (const [element, { at, foot }] of this.#pins) {
      const spot = this.project(at)
      element.hidden = !spot
      if (!spot) continue
      const own = foot === 'bottom' ? `translate(-50%, -100%) translateY(-${LIFT_PX}px)` : 'translate(-50%, -50%)'
      element.style.transform = `translate(${spot[0]}px, ${spot[1]}px) ${own}`
    }
  }
}
