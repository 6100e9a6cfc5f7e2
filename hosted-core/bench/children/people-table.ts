export const ROWS = 1_000;

/** A table as an application would have that keeps the same five attributes itself, in the clear. */
export const PEOPLE_TABLE = `
  create table person (id text primary key, name text, birthdate text, email text, phone text, address jsonb);
  insert into person
  select 'person-' || n, 'Sample Person ' || n, '1991-04-17', 'sample.' || n || '@example.test', '+442079460171',
    '{"street_address": "17 Invented Honey Lane", "locality": "Nowhere-on-Sea", "postal_code": "ZZ99 3VZ", "country": "GB"}'
  from generate_series(0, ${ROWS - 1}) n`;

export const SELECT_PERSON = 'select name, birthdate, email, phone, address from person where id = $1';
