import { z } from 'zod'

/** What a presentation is made of, in the order in which it begins. */
export const scenes = {
  explain: { title: 'Explain', purpose: 'One recorded step, slowed until it can be seen' },
  race: { title: 'Race', purpose: 'All strategies on one clock, one epoch long' },
  training: { title: 'Training', purpose: 'The run itself: figures, loss and throughput' },
  answer: { title: 'Answer', purpose: 'How much faster, with the interval, and how far to rely on it' },
  why: { title: 'Why', purpose: 'Why not N times: what the ideal step lost, reason by reason' },
} as const satisfies Record<string, { title: string; purpose: string }>

export type SceneName = keyof typeof scenes

export const sceneNames = Object.keys(scenes) as [SceneName, ...SceneName[]]

/** The order that the presenter set, with the scenes that are left out. */
export const sceneOrderSchema = z.array(z.object({ name: z.enum(sceneNames), isShown: z.boolean() }))

export type SceneOrder = z.infer<typeof sceneOrderSchema>

export const firstOrder: SceneOrder = sceneNames.map((name) => ({ name, isShown: true }))

/** An order that was kept: each scene once, and those that it does not know at its end. */
export function completeOrder(kept: unknown): SceneOrder {
  const known = sceneOrderSchema.safeParse(kept).data ?? []
  const once = known.filter(({ name }, index) => known.findIndex((other) => other.name === name) === index)
  const missing = firstOrder.filter(({ name }) => !once.some((scene) => scene.name === name))
  const order = [...once, ...missing]
  return order.some(({ isShown }) => isShown) ? order : firstOrder
}

/** One place earlier or later; as it was where there is none. */
export function moveScene(order: SceneOrder, name: SceneName, by: 1 | -1): SceneOrder {
  const from = order.findIndex((scene) => scene.name === name)
  const to = from + by
  const [moved, other] = [order[from], order[to]]
  if (moved === undefined || other === undefined) return order
  return order.map((scene, index) => (index === from ? other : index === to ? moved : scene))
}

/** Leaves a scene out, or takes it back in; the last one stays. */
export function toggleScene(order: SceneOrder, name: SceneName): SceneOrder {
  const changed = order.map((scene) => (scene.name === name ? { ...scene, isShown: !scene.isShown } : scene))
  return changed.some(({ isShown }) => isShown) ? changed : order
}

export function shownScenes(order: SceneOrder): SceneName[] {
  return order.filter(({ isShown }) => isShown).map(({ name }) => name)
}
