import { TandemError } from '../../shared/errors.js'

/** Slurm's own limit on what one expression names. */
const mostNodes = 65_536

/** A name in pieces: text as it stands, or the numbers of a pair of brackets. */
type Piece = { text: string } | { ranges: NumberRange[] }

interface NumberRange {
  first: number
  last: number
  /** Digits of the written number, leading zeros included. */
  width: number
}

/**
 * The nodes of a Slurm host list in its order, as `scontrol show hostnames` prints them: names with commas between them,
 * in which brackets stand for numbers and ranges of numbers that keep their leading zeros (`gpu[001-003,7],login`). With
 * several brackets in a name the last one counts fastest (`rack[0-1]n[1-2]`). As described under NodeName in slurm.conf(5).
 *
 * @throws TandemError `usage` for anything else, and for more than 65,536 nodes
 */
export function slurmNodes(list: string): string[] {
  const nodes = splitOutsideBrackets(list).flatMap((name) => {
    const pieces = piecesOf(name, list)
    const count = pieces.reduce((product, piece) => product * countOf(piece), 1)
    if (count > mostNodes) throw notAList(list, `it names more than ${mostNodes} nodes`)
    return pieces.reduce<string[]>(
      (begun, piece) => begun.flatMap((start) => textsOf(piece).map((text) => start + text)),
      [''],
    )
  })
  if (nodes.length > mostNodes) throw notAList(list, `it names more than ${mostNodes} nodes`)
  return nodes
}

function splitOutsideBrackets(list: string): string[] {
  return list.split(/,(?![^[]*\])/)
}

function piecesOf(name: string, list: string): Piece[] {
  if (!/^([\w.-]+|\[[^[\]]+\])+$/.test(name)) throw notAList(list, 'a name or a bracket is not complete')
  return (name.match(/[\w.-]+|\[[^[\]]+\]/g) ?? []).map((piece) =>
    piece.startsWith('[')
      ? {
          ranges: piece
            .slice(1, -1)
            .split(',')
            .map((range) => rangeOf(range, list)),
        }
      : { text: piece },
  )
}

function rangeOf(text: string, list: string): NumberRange {
  const [, begin, end = begin] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? []
  const [first, last] = [Number(begin), Number(end)]
  if (begin === undefined || last < first)
    throw notAList(list, `${JSON.stringify(text)} is no range of numbers`)
  return { first, last, width: begin.length }
}

function countOf(piece: Piece): number {
  if ('text' in piece) return 1
  return piece.ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)
}

function textsOf(piece: Piece): string[] {
  if ('text' in piece) return [piece.text]
  return piece.ranges.flatMap(({ first, last, width }) =>
    Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(width, '0')),
  )
}

function notAList(list: string, why: string): TandemError {
  return new TandemError({
    code: 'usage',
    message: `Slurm's node list ${JSON.stringify(list.slice(0, 200))} cannot be read: ${why}`,
    hint: 'Name the address of node 0 with --rdzv-endpoint HOST:PORT.',
  })
}
