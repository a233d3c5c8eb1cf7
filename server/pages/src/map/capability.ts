/** What this browser can do for a map. */

/** The system's own Chinese fonts, in the order of the systems that have them; nothing is downloaded. */
export const CHINESE_FONTS =
  '"PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif'

/** Whether WebGL 2 works here; the map core refuses to start without it. */
export function hasWebgl2(): boolean {
  try {
    const context = document.createElement('canvas').getContext('webgl2')
    // The browser keeps only a few contexts alive: give this one back at once.
    context?.getExtension('WEBGL_lose_context')?.loseContext()
    return context !== null
  } catch {
    return false
  }
}

function inked(character: string): string {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 24
  const context = canvas.getContext('2d')
  if (!context) return ''
  context.font = `20px ${CHINESE_FONTS}`
  context.fillText(character, 2, 20)
  return canvas.toDataURL()
}

/**
 * Whether the system can draw Chinese. If so, the map draws Chinese labels with the system's fonts: no download of glyph
 * ranges, which for a district of Chinese labels are megabytes. A wall computer without such a font gets the
 * server's glyphs instead. Two different characters that look the same are two boxes.
 */
export function drawsChinese(): boolean {
  const [a, b] = [inked('墨'), inked('池')]
  return a !== '' && a !== b
}
