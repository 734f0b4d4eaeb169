// The trainer that trains nothing, bound to its host as the real one is.
import { pathToFileURL } from 'node:url'

const { FAULTS_BOND: bond = '', FAULTS_FAKE: fake = '' } = process.env
await import(pathToFileURL(bond).href)
await import(pathToFileURL(fake).href)
