import { describe, expect, it } from 'vitest'
import { completeOrder, firstOrder, moveScene, sceneNames, shownScenes, toggleScene } from './scenes.js'

describe('the order of scenes', () => {
  it('is what the presenter makes of it', () => {
    const order = moveScene(toggleScene(firstOrder, 'race'), 'why', -1)
    expect(shownScenes(order)).toEqual(['explain', 'training', 'why', 'answer'])
    expect(shownScenes(toggleScene(order, 'race'))).toEqual(['explain', 'race', 'training', 'why', 'answer'])
  })

  it('ends at its ends', () => {
    expect(moveScene(firstOrder, 'explain', -1)).toEqual(firstOrder)
    expect(moveScene(firstOrder, 'why', 1)).toEqual(firstOrder)
  })

  it('keeps one scene at least', () => {
    const alone = sceneNames.slice(1).reduce(toggleScene, firstOrder)
    expect(shownScenes(toggleScene(alone, 'explain'))).toEqual(['explain'])
  })

  it.each([
    ['nothing', null],
    ['another document', { order: 1 }],
    ['scenes that are gone', [{ name: 'fireworks', isShown: true }]],
    ['none that is shown', firstOrder.map(({ name }) => ({ name, isShown: false }))],
  ])('begins anew where %s was kept', (_what, kept) => {
    expect(completeOrder(kept)).toEqual(firstOrder)
  })

  it('has each scene once, and new ones at its end', () => {
    const kept = [
      { name: 'answer', isShown: false },
      { name: 'answer', isShown: true },
      { name: 'race', isShown: true },
    ]
    expect(completeOrder(kept).map(({ name }) => name)).toEqual([
      'answer',
      'race',
      'explain',
      'training',
      'why',
    ])
  })
})
