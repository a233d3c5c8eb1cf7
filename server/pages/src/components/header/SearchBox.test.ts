// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mountPage, settle, Status } from '../../test/mount'
import SearchBox from './SearchBox.vue'

const items = [
  { id: 1, layer: 'doorplate', title: '墨池坊1号', subtitle: '温州市鹿城区', centre: [120.65, 28] },
  { id: 2, layer: 'doorplate', title: '墨池坊2号', subtitle: '温州市鹿城区', centre: [120.65, 28] },
]

function setup(answers: Record<string, unknown>) {
  const page = mountPage(SearchBox, answers)
  const box = page.root.querySelector('input')
  if (!box) throw new Error('no search box')
  const type = async (text: string) => {
    box.value = text
    box.dispatchEvent(new Event('input'))
    await new Promise((resolve) => setTimeout(resolve, 240))
    await settle()
  }
  const press = async (key: string) => {
    box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    await settle()
  }
  const submit = async () => {
    page.root.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await settle()
  }
  const options = () => [...page.root.querySelectorAll('[role=option]')]
  const status = () => page.root.querySelector('[role=status]')?.textContent ?? ''
  return { ...page, box, type, press, submit, options, status }
}

beforeEach(() => {
  history.replaceState(null, '', '/')
  Element.prototype.scrollIntoView = () => undefined
})
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

describe('the search box', () => {
  it('suggests while typing, once for a word', async () => {
    const page = setup({ '/api/v1/search': { items } })
    page.box.value = '墨'
    page.box.dispatchEvent(new Event('input'))
    await page.type('墨池坊')
    expect(page.requests.filter((url) => url.includes('/search'))).toHaveLength(1)
    expect(page.options().map((each) => each.textContent)).toEqual(['墨池坊1号温州市鹿城区门牌', '墨池坊2号温州市鹿城区门牌'])
    expect(page.status()).toContain('2')
    expect(page.box.getAttribute('aria-expanded')).toBe('true')
  })

  it('is walked with the arrow keys, around the ends, and chosen with Enter', async () => {
    const page = setup({ '/api/v1/search': { items }, '/api/v1/places/2': { id: 2, title: 'x' } })
    await page.type('墨池坊')
    await page.press('ArrowUp')
    expect(page.box.getAttribute('aria-activedescendant')).toBe('hit-1')
    await page.press('ArrowDown')
    expect(page.box.getAttribute('aria-activedescendant')).toBe('hit-0')
    await page.press('ArrowDown')
    await page.submit()
    expect(page.portal.view.place).toBe(2)
    expect(page.box.getAttribute('aria-expanded')).toBe('false')
  })

  it('takes the first one when Enter comes before the answer', async () => {
    const page = setup({ '/api/v1/search': { items }, '/api/v1/places/1': { id: 1, title: 'x' } })
    page.box.value = '墨池坊'
    page.box.dispatchEvent(new Event('input'))
    await page.submit()
    expect(page.portal.view.place).toBe(1)
  })

  it('says when nothing was found, and what failed', async () => {
    const none = setup({ '/api/v1/search': { items: [] } })
    await none.type('没有')
    expect(none.status()).toContain('“没有”')
    const broken = setup({ '/api/v1/search': new Status(500, { title: 'x', detail: '索引正在重建' }) })
    await broken.type('墨')
    expect(broken.status()).toContain('索引正在重建')
  })

  it('closes with Escape, then empties', async () => {
    const page = setup({ '/api/v1/search': { items } })
    await page.type('墨池坊')
    await page.press('Escape')
    expect([page.box.getAttribute('aria-expanded'), page.box.value]).toEqual(['false', '墨池坊'])
    await page.press('Escape')
    expect(page.box.value).toBe('')
  })
})
