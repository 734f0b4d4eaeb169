// Which room may import which: docs/architecture.md in a form that `npm test` enforces. Paths are relative
// to the folder that dependency-cruiser runs in, so scripts/layers.test.ts can hold a small tree to the same rules.

const tests = '\\.(test|fixture)\\.(tsx?|mjs)$|/(test-support|golden)/'

/** The room may import, of ours, only itself and the rooms named. */
function only(room, ...rooms) {
  const allowed = [room, ...rooms]
  return {
    name: `${room}-imports-only-${rooms.length > 0 ? rooms.join('-and-') : 'itself'}`,
    severity: 'error',
    comment: `src/${room} may import ${rooms.length > 0 ? `src/${rooms.join(' and src/')}` : 'nothing else of ours'}.`,
    from: { path: `^src/${room}/`, pathNot: tests },
    to: { path: '^(src|scripts|bench|e2e)/', pathNot: `^src/(${allowed.join('|')})/` },
  }
}

/** The package may be imported in the rooms named and nowhere else. */
function confined(name, packages, rooms) {
  return {
    name: `${name}-only-in-${rooms.join('-and-')}`,
    severity: 'error',
    comment: `${name} may be imported only in src/${rooms.join(' and src/')}.`,
    from: { path: '^src/', pathNot: `^src/(${rooms.join('|')})/` },
    to: { path: `(^|/)node_modules/${packages}/` },
  }
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('shared'),
    only('core', 'shared'),
    only('charts', 'shared'),
    only('report', 'charts', 'shared'),
    only('headless', 'core', 'shared', 'report'),
    only('main', 'core', 'shared', 'report'),
    only('preload', 'shared'),
    only('renderer', 'charts', 'report', 'shared'),
    only('child', 'shared'),
    only('sampler', 'child', 'shared'),
    only('trainer', 'child', 'shared'),
    {
      name: 'programs-are-started-not-imported',
      severity: 'error',
      comment: 'The trainer and the sampler are processes of their own, launched by path.',
      from: { path: '^src/', pathNot: `^src/(trainer|sampler)/|${tests}` },
      to: { path: '^src/(trainer|sampler)/' },
    },
    {
      name: 'shared-is-pure',
      severity: 'error',
      comment:
        'src/shared runs in every process, the page included: no Node, and no package but zod and jstat.',
      from: { path: '^src/shared/', pathNot: tests },
      to: { dependencyTypesNot: ['local'], pathNot: 'node_modules/(zod|jstat)/' },
    },
    {
      name: 'pages-have-no-node',
      severity: 'error',
      comment: 'The renderer runs in a browser, and the preload in a sandbox.',
      from: { path: '^src/(renderer|preload)/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    confined('jstat', 'jstat', ['shared/statistics']),
    confined('electron', 'electron', ['main', 'preload']),
    confined('tfjs', '@tensorflow', ['trainer']),
    confined('koffi', 'koffi', ['child', 'trainer', 'sampler']),
    confined('react', '(react|react-dom)', ['charts', 'renderer', 'report']),
    confined('d3-scale', 'd3-scale', ['charts']),
    confined('recharts', 'recharts', ['renderer']),
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Modules that need each other are one module.',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A module that nothing imports and that imports nothing is left over.',
      from: { path: '^src/', orphan: true, pathNot: `${tests}|\\.d\\.ts$` },
      to: {},
    },
    {
      name: 'no-unresolved-imports',
      severity: 'error',
      comment: 'An import that does not resolve is an import that no rule sees.',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-packages-at-run-time',
      severity: 'error',
      comment:
        'What Node runs is not bundled with its packages, so they must be dependencies. Electron is there by itself.',
      from: { path: '^src/(shared|core|headless|main|child|sampler|trainer)/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/electron/' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      comment: 'A package that only happens to be installed may be gone tomorrow.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API: dependency-cruiser would see no module at all without swc. (swc does
    // not tell type imports from others, so the rules hold for both.)
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
