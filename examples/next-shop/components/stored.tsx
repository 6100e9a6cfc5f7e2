import { storedRows } from '../lib/shop-data.ts';

/** Every row that the shop keeps about the visitor, every column of it. */
export function Stored({ userRef }: { userRef: string }) {
  const tables = storedRows(userRef);
  return (
    <section className="card stored" aria-labelledby="stored">
      <h2 id="stored">What this shop has stored about you</h2>
      <p className="stored-lead">
        These are the rows of our own database that carry your code, every column of them. There is no more.
      </p>
      {tables.map(({ name, columns, rows }) => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="scroll" tabIndex={0} aria-label={`Table ${name}`} key={name}>
          <table className="rows" data-table={name}>
            <caption>
              <code>{name}</code> · {rows.length} {rows.length === 1 ? 'row' : 'rows'}
            </caption>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th scope="col" key={column}>
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.join()}>
                  {columns.map((column, index) => (
                    <td data-column={column} key={column}>
                      {row[index]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      {tables.length === 0 && <p className="note">Nothing at all: no row carries your code.</p>}
    </section>
  );
}
