import { useEffect, useState } from 'react'

/** How large the page's root font is, which grows with the window while a presentation is open. */
export function useRemPixels(): number {
  const [pixels, setPixels] = useState(read)
  useEffect(() => {
    const update = (): void => setPixels(read())
    update()
    window.addEventListener('resize', update)
    return () => window.removeEventListener('resize', update)
  }, [])
  return pixels
}

function read(): number {
  return Math.round(Number.parseFloat(getComputedStyle(document.documentElement).fontSize)) || 16
}
