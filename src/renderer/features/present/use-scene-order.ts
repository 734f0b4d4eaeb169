import { useState } from 'react'
import { completeOrder, type SceneOrder } from './scenes.js'

const place = 'tandem.present.scenes'

/** The presenter's order of scenes, kept in this browser. */
export function useSceneOrder(): [SceneOrder, (order: SceneOrder) => void] {
  const [order, setOrder] = useState(readOrder)
  return [
    order,
    (changed) => {
      setOrder(changed)
      keep(changed)
    },
  ]
}

function readOrder(): SceneOrder {
  try {
    return completeOrder(JSON.parse(localStorage.getItem(place) ?? 'null'))
  } catch {
    return completeOrder(null)
  }
}

/** Where a browser keeps nothing, the order holds until the page is left. */
function keep(order: SceneOrder): void {
  try {
    localStorage.setItem(place, JSON.stringify(order))
  } catch {}
}
