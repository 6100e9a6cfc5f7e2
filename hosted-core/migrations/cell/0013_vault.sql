-- Keys apart: what lies outside of cell_keys can be dumped and restored without it.

-- A foreign key here would keep a dump without data keys from being restored.
alter table cell.sealed_envelopes drop constraint sealed_envelopes_tenant_id_subject_id_key_class_key_versio_fkey;
-- In its place: a key cannot be taken away from under an envelope unnoticed, by a rotation for instance.
create function cell_keys.refuse_key_in_use() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from cell.sealed_envelopes e where e.tenant_id = old.tenant_id
    and e.subject_id = old.subject_id and e.key_version = old.version) then
    raise exception using errcode = 'foreign_key_violation', message = 'an envelope still needs this key';
  end if;
  return null;
end $$;
create trigger refuse_key_in_use after delete on cell_keys.subject_keys for each row
  when (old.class = 'sealed') execute function cell_keys.refuse_key_in_use();

-- Set aside by an operator because it does not open: no rotation tries it and no floor waits for it any more.
alter table cell_keys.subject_keys add column quarantined_at timestamptz;
