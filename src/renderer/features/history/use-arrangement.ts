import { useSessionStorage } from '@mantine/hooks'
import { type HistoryColumnId, historyColumns } from '../../../shared/history-columns.js'
import type { ListedRuns } from './use-run-list.js'

/** Which runs are shown, and in which order. */
export interface Arrangement extends ListedRuns {
  isFiltered: boolean
  searchFor(search: string): void
  /** Undefined takes the filter away. */
  filterBy(column: HistoryColumnId, text: string | undefined): void
  /** By a column; the other way round where it is sorted by that already. */
  sortBy(column: HistoryColumnId): void
  showPage(page: number): void
  clearFilters(): void
  showAll(): void
}

type Sort = NonNullable<ListedRuns['sort']>

const newestFirst: Sort = { column: 'run', isDescending: true }
const everything: ListedRuns = { search: '', filters: {}, sort: newestFirst, page: 1 }

/** As it was left, for as long as this tab lives. Whatever changes, the first page is shown. */
export function useArrangement(): Arrangement {
  const [asked, setAsked] = useSessionStorage<ListedRuns>({
    key: 'tandem-history',
    defaultValue: everything,
    getInitialValueInEffect: false,
  })
  const change = (changes: Partial<ListedRuns>): void => setAsked({ ...asked, page: 1, ...changes })
  const { filters = {}, sort = newestFirst } = asked
  return {
    ...asked,
    isFiltered: asked.search !== '' || Object.keys(filters).length > 0,
    searchFor: (search) => change({ search }),
    filterBy(column, text) {
      const { [column]: _, ...others } = filters
      change({ filters: text === undefined ? others : { ...others, [column]: text } })
    },
    sortBy(column) {
      const isSame = sort.column === column
      // Of figures and dates the largest are of interest, of words the first.
      const first = column === 'run' || historyColumns[column].isNumeric
      change({ sort: { column, isDescending: isSame ? !sort.isDescending : first } })
    },
    showPage: (page) => setAsked({ ...asked, page }),
    clearFilters: () => change({ filters: {} }),
    showAll: () => change({ search: '', filters: {} }),
  }
}
