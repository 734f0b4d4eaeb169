import { fontStyle } from '../../../report/fonts.js'
import { withoutControls } from '../../../shared/printable.js'

const svgNamespace = 'http://www.w3.org/2000/svg'

/** A PNG has so many pixels for each of the chart's own. */
const pixelRatio = 3

export function chartTitle(chart: SVGSVGElement): string {
  return chart.querySelector('title')?.textContent ?? 'Chart'
}

/** `tandem-20261125-093521-640c9e-speedup-over-single` */
export function chartFileName(runId: string, chart: SVGSVGElement): string {
  const words = chartTitle(chart)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return `tandem-${runId}-${words}`
}

/** The chart as a file of its own: on white paper, with the font within. */
export function chartAsSvg(chart: SVGSVGElement): string {
  const copy = chart.cloneNode(true) as SVGSVGElement
  const style = document.createElementNS(svgNamespace, 'style')
  style.textContent = fontStyle
  const paper = document.createElementNS(svgNamespace, 'rect')
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: '#ffffff' }))
    paper.setAttribute(name, value)
  copy.prepend(style, paper)
  return withoutControls(new XMLSerializer().serializeToString(copy))
}

/** The same in pixels. Rejects where the browser cannot draw it. */
export async function chartAsPng(chart: SVGSVGElement): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([chartAsSvg(chart)], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth * pixelRatio
    canvas.height = image.naturalHeight * pixelRatio
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error('the chart has no pixels')) : resolve(blob)))
    })
  } finally {
    URL.revokeObjectURL(url)
  }
}
