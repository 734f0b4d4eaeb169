import { toErrorReport } from '../../shared/errors.js'

export interface OutputOptions {
  json?: boolean
}

/** A command's whole answer on standard output: the document with `--json`, else the text. */
export function printOutcome(options: OutputOptions, document: unknown, text: string): void {
  process.stdout.write(`${options.json === true ? JSON.stringify(document, null, 2) : text}\n`)
}

/**
 * A command's action whose failure is, with `--json`, a document too (`{ "error": ... }`). The error goes on
 * to the program, which prints it for people on standard error and sets the exit code.
 */
export function withJsonErrors<Options extends OutputOptions>(
  action: (options: Options) => Promise<void>,
): (options: Options) => Promise<void> {
  return async (options) => {
    try {
      await action(options)
    } catch (error) {
      if (options.json === true) printOutcome(options, { error: toErrorReport(error) }, '')
      throw error
    }
  }
}
