// `node scripts/testing/fetch-pytorch.mjs` prints the Python with PyTorch that tests are to be given, made if need be. It
// ends with 1 where there is none to be had, and prints the reason in the Python's place.
import { endProcess } from '../bootstrap.mjs'
import { pytorchForTests } from './pytorch.mjs'

try {
  const found = await pytorchForTests()
  console.log(found.python ?? found.reason)
  process.exitCode = found.python === null ? 1 : 0
} catch (error) {
  endProcess(error)
}
