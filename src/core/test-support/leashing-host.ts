import { runProgram } from '../run-program.js'

/** Started by tests: runs a program that would go on for long, says its pid, and waits for it. */
await runProgram('/bin/sh', ['-c', 'echo $$; exec sleep 1000'], {
  endsWithHost: true,
  onStdoutLine: (pid) => process.stdout.write(`${pid}\n`),
})
