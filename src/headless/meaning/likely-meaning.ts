import type { Command, CommanderError } from 'commander'
import { flagMeaning } from './flag-meanings.js'
import { valueMeaning } from './value-meanings.js'
import { commandMeaning, operandMeaning } from './word-meanings.js'

/**
 * What is wrong with a command line, as commander says it, and what was most likely meant: with the right line where one
 * is plain. What commander suggests itself stands where nothing better is known.
 *
 * @param commands all that there are
 * @param operands what the command got that was typed
 */
export function explainUsage(
  error: Pick<CommanderError, 'code' | 'message'>,
  args: readonly string[],
  commands: readonly Command[],
  operands: readonly string[],
): string {
  const said = error.message.replace(/^error: /, '').trim()
  const [problem = said, suggestion] = said.split(/\s*\n\s*(?=\(Did you mean )/)
  const meaning = likelyMeaning(error, args, commands, operands, suggestion !== undefined)
  if (meaning === null) return said
  return `${problem.replace(/\.$/, '')}. ${meaning}`
}

function likelyMeaning(
  { code, message }: Pick<CommanderError, 'code' | 'message'>,
  args: readonly string[],
  commands: readonly Command[],
  operands: readonly string[],
  isSuggested: boolean,
): string | null {
  switch (code) {
    case 'commander.unknownOption': {
      const [, flag] = /unknown option '([^']+)'/.exec(message) ?? []
      return flag === undefined ? null : flagMeaning(flag, args, flagsOf(commands), isSuggested)
    }
    case 'commander.unknownCommand': {
      const [, word] = /unknown command '([^']+)'/.exec(message) ?? []
      return word === undefined ? null : commandMeaning(word, args)
    }
    case 'commander.excessArguments':
      return operandMeaning(args, operands)
    case 'commander.invalidArgument': {
      const [, flags = '', text = ''] = /option '([^']+)' argument '([^']*)' is invalid/.exec(message) ?? []
      const [flag] = /--[\w-]+/.exec(flags) ?? []
      return flag === undefined ? null : valueMeaning(flag, text)
    }
    case 'commander.missingArgument':
      return missingMeaning(args)
    default:
      return null
  }
}

/** Whatever asks for a run takes its latest. */
function missingMeaning([command, action]: readonly string[]): string | null {
  if (command === 'compare')
    return 'Name one run to hold it against the baseline, or two: tandem compare latest'
  if (command === 'history' && action !== undefined)
    return `See what it takes: tandem history ${action} --help`
  return null
}

function flagsOf(commands: readonly Command[]): Map<string, string[]> {
  return new Map(
    commands.map((command) => [
      command.name(),
      [command, ...command.commands].flatMap(({ options }) => options.flatMap(({ long }) => long ?? [])),
    ]),
  )
}
