import { hostname, userInfo } from 'node:os'
import { homeFolder } from '../user-folders.js'

/** Who and what must not be told: whoever pastes a report means to show a fault, not a person. */
export interface Names {
  hostName: string
  userName: string
  homeDirectory: string
}

export function namesHere(): Names {
  return { hostName: hostname(), userName: nameOfUser(), homeDirectory: homeFolder() ?? '' }
}

/** Names that are words of Tandem's own, or of every machine, stay: they tell nobody, and reports need them. */
const ordinary =
  /^(root|user|admin|localhost|ubuntu|debian|node|docker|tandem|cpu|gpu|nvidia|tensorflow|pytorch)$/i

/** The text with a home folder, a user and a host in it made unknown. */
export function withoutNames(text: string, { hostName, userName, homeDirectory }: Names): string {
  let clean = homeDirectory.length > 1 ? text.replaceAll(homeDirectory, '~') : text
  clean = clean.replace(/([\\/](?:home|Users)[\\/])[^\\/\s:;,"')]+/g, '$1<user>')
  const [shortHost = ''] = hostName.split('.')
  for (const [name, stand] of [
    [hostName, '<host>'],
    [shortHost, '<host>'],
    [userName, '<user>'],
  ] as const) {
    if (name.length < 2 || ordinary.test(name)) continue
    clean = clean.replace(new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`, 'gi'), stand)
  }
  return clean
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function nameOfUser(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run as a number without a name.
    return ''
  }
}
