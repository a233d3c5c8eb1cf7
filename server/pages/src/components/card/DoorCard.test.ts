// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mountPage, settle, Status } from '../../test/mount'
import DoorCard from './DoorCard.vue'

const card = {
  id: 7, layer: 'doorplate', title: '墨池坊12号', address: '温州市鹿城区墨池坊12号', geometry: { type: 'Point', coordinates: [120.65, 28.01] },
  lies_in: [{ id: 1, layer: 'grid', name: '第三网格' }, { id: 2, layer: 'district', name: '鹿城区' }],
  responsible: [{ role: '网格员', name: '陈*', phone: '138****8000' }, { role: '书记', name: '林美珍', phone: '13900000000' }],
  contains: [{ layer: 'room', count: 120, items: [{ id: 8, title: '101' }] }],
  records: [{ layer: 'hazard', title: { zh: '隐患', en: 'Hazard' }, count: 1, items: [{ id: 9, title: '通道堵塞', properties: {}, distance_m: 12 }] }],
  valid: { from: '2020-01-01T00:00:00+08:00', until: null },
}

async function open(answers: Record<string, unknown>, id = 7) {
  const page = mountPage(DoorCard, answers, (portal) => portal.open(id))
  await settle()
  const text = () => page.root.textContent ?? ''
  const button = (name: string) => [...page.root.querySelectorAll('button')].find((each) => each.textContent?.trim() === name)
  return { ...page, text, button }
}

beforeEach(() => {
  history.replaceState(null, '', '/')
  Element.prototype.scrollTo = () => undefined
})
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

describe('the door card', () => {
  it('says where, who, what is below and what hangs on the door', async () => {
    const page = await open({ '/api/v1/places/7': card })
    expect(page.root.querySelector('h2')?.textContent).toBe('墨池坊12号')
    for (const words of ['温州市鹿城区墨池坊12号', '通道堵塞', '距 12 米', '120', '120.650000, 28.010000', '自 2020年1月1日 起有效']) expect(page.text()).toContain(words)
    expect([...page.root.querySelectorAll('.crumbs button')].map((each) => each.textContent)).toEqual(['鹿城区', '第三网格'])
    expect([...page.root.querySelectorAll('a[href^="tel:"]')].map((each) => each.getAttribute('href'))).toEqual(['tel:13900000000'])
  })

  it('leads on to the places around it', async () => {
    const page = await open({ '/api/v1/places/7': card, '/api/v1/places/1': { id: 1, layer: 'grid', title: '第三网格' } })
    page.button('第三网格')?.click()
    await settle()
    expect(page.portal.view.place).toBe(1)
    expect(page.root.querySelector('h2')?.textContent).toBe('第三网格')
    expect(location.hash).toContain('place=1')
  })

  it('says that nothing is recorded', async () => {
    const page = await open({ '/api/v1/places/7': { ...card, records: [] } })
    expect(page.text()).toContain('此门牌下暂无')
  })

  it('speaks English when asked', async () => {
    const page = await open({ '/api/v1/places/7': card })
    page.portal.i18n.lang.value = 'en'
    await settle()
    expect(page.text()).toContain('Hazard')
    expect(page.text()).toContain('12 m away')
    expect(document.documentElement.lang).toBe('en')
    page.portal.i18n.lang.value = 'zh'
  })

  it('tells a refused or unknown place apart from a fault', async () => {
    expect((await open({ '/api/v1/places/7': new Status(404, { title: 'x' }) })).text()).toContain('没有这个地点，或您无权查看')
    const forbidden = await open({ '/api/v1/places/7': new Status(403, { title: 'x' }) })
    expect(forbidden.text()).toContain('您无权查看')
    forbidden.button('管理员登录')?.click()
    expect(forbidden.portal.signingIn.value).toBe(true)
  })

  it('shows a fault with its trace, and tries again', async () => {
    const answers: Record<string, unknown> = { '/api/v1/places/7': new Status(500, { title: 'x', detail: '库暂时忙', trace_id: 'T-9' }) }
    const page = await open(answers)
    expect(page.text()).toContain('库暂时忙')
    expect(page.text()).toContain('T-9')
    answers['/api/v1/places/7'] = card
    page.button('重试')?.click()
    await settle()
    expect(page.root.querySelector('h2')?.textContent).toBe('墨池坊12号')
  })

  it('asks as of the day that is looked at', async () => {
    const page = await open({ '/api/v1/places/7': card })
    page.portal.view.at = '2025-01-01'
    await settle()
    expect(page.requests.at(-1)).toBe('/api/v1/places/7?datetime=2025-01-01')
  })
})
