\set ON_ERROR_STOP on
\pset tuples_only on
\pset format unaligned
create table seller (name text primary key);
create table deal (id text primary key, seller text references seller, amount numeric(12, 2), signed_on date);
insert into seller values ('Ann'), ('Bo');
insert into deal values ('D1', 'Ann', 1000.10, '2026-02-10'), ('D2', 'Ann', 400, '2026-03-02'),
  ('D3', 'Bo', 2000, '2026-03-15');
create function guerdon_pay(rules text, records text) returns text language c strict as :'library', 'guerdon_pay';
select guerdon_pay(:'rules', json_build_object(
  'Seller', (select json_agg(seller) from seller),
  'Deal', (select json_agg(deal) from deal))::text);
\set ON_ERROR_STOP off
select guerdon_pay('data Seller key name', '{}');
\set ON_ERROR_STOP on
select 'the server lives on';
