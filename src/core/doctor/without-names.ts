import { realpathSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { escapedForPattern } from '../../shared/text/escape-pattern.js'
import { homeFolder } from '../user-folders.js'

/** Who and what must not be told: whoever pastes a report means to show a fault, not a person. */
export interface Names {
  hosts: readonly string[]
  users: readonly string[]
  /** Folders; the longest is looked for first. */
  homes: readonly string[]
}

/** Also of the person behind `sudo`, and of a host as the environment has it. */
export function namesHere(environment: NodeJS.ProcessEnv = process.env): Names {
  const { USER, USERNAME, LOGNAME, SUDO_USER, HOSTNAME, COMPUTERNAME } = environment
  const home = homeFolder()
  return {
    hosts: known([hostname(), HOSTNAME, COMPUTERNAME]),
    users: known([nameOfUser(), USER, USERNAME, LOGNAME, SUDO_USER]),
    homes: known([home, home && realPath(home)]),
  }
}

/** Names that are words of Tandem's own, or of every machine, stay: they tell nobody, and reports need them. */
const ordinary =
  /^(single|dp|ddp|rank|step|epoch|root|user|admin|administrator|localhost|ubuntu|debian|fedora|linux|node|docker|tandem|cpu|gpu|core|cores|memory|driver|cuda|nvidia|tensorflow|torch|pytorch|python|python3|dev|test|ci|app|build|runner|data|home|work|worker|server|default|guest|vagrant|jenkins|opc|pi)$/i

/** The text with homes, users and hosts in it made unknown, and addresses that it connects to. */
export function withoutNames(text: string, { hosts, users, homes }: Names): string {
  let clean = text
  for (const home of longestFirst(homes)) if (home.length > 1) clean = clean.replaceAll(home, '~')
  clean = clean
    .replace(/([\\/](?:home|media)\/)[^\\/\s:;,"')\]]+/g, '$1<user>')
    // There people have names with spaces in them.
    .replace(/((?:\\{1,2}|\/)Users(?:\\{1,2}|\/))(?:[^\\/\r\n:;,"]+(?=[\\/])|[^\\/\s:;,"')\]]+)/g, '$1<user>')
  clean = withoutAddresses(clean)
  const shortHosts = hosts.map((name) => name.split('.')[0] ?? '')
  clean = without(clean, [...hosts, ...shortHosts], '<host>')
  return without(clean, users, '<user>')
}

/** Addresses that something connects to; versions that look like one stay. */
export function withoutAddresses(text: string): string {
  return text
    .replace(/(?<=@|\[|\/\/)(?!127\.|0\.0\.0\.0)(\d{1,3}\.){3}\d{1,3}(?![\d.])/g, '<address>')
    .replace(/(?<![\d.])(?!127\.|0\.0\.0\.0)(\d{1,3}\.){3}\d{1,3}(?=:\d)/g, '<address>')
}

/** Whether a name is a word of Tandem's own, or one that every machine may have. */
export function isOrdinaryName(name: string): boolean {
  return ordinary.test(name)
}

function without(text: string, names: readonly string[], stand: string): string {
  return longestFirst(names)
    .filter((name) => name.length >= 2 && !isOrdinaryName(name))
    .reduce(
      // As a word, or a part of one that is put together: `mira_env`, but not `admiral`.
      (clean, name) =>
        clean.replace(new RegExp(`(?<![a-z0-9])${escapedForPattern(name)}(?![a-z0-9])`, 'gi'), stand),
      text,
    )
}

function longestFirst(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted((a, b) => b.length - a.length)
}

function known(names: readonly (string | null | undefined)[]): string[] {
  return names.filter((name): name is string => name != null && name !== '')
}

function realPath(folder: string): string | null {
  try {
    return realpathSync(folder)
  } catch {
    return null
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run as a number without a name.
    return ''
  }
}
