/** A pattern of slanted stripes, told from a plain fill without its colour. Goes by `stripesUrl`. */
export function Stripes({ id, colour }: { id: string; colour: string }) {
  return (
    <defs>
      <pattern
        id={patternId(id, colour)}
        width={4}
        height={4}
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width={4} height={4} fill={colour} fillOpacity={0.25} />
        <rect width={2} height={4} fill={colour} />
      </pattern>
    </defs>
  )
}

export function stripesUrl(id: string, colour: string): string {
  return `url(#${patternId(id, colour)})`
}

function patternId(id: string, colour: string): string {
  return `${id.replaceAll(/[^\w-]/g, '')}-${colour.slice(1)}`
}
