/**
 * What browsers get of the server side: nothing. A client component that imports the site's `userref.ts`, with whatever
 * stands in it, does not build: Next.js knows `server-only` itself and says which file imports it.
 *
 * @module
 */
import 'server-only';
