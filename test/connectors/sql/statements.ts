/** Statements that read only, over the tables of {@link TABLES}. */
export const READS: readonly string[] = [
  'select 1',
  'select * from orders',
  'select o.id, count(*) from orders o join items i on i.order_id = o.id group by o.id having count(*) > 1 order by 1 limit 10',
  'with big as (select id from orders where total > 100) select * from big union all select id from items',
  'select id from orders where exists (select 1 from items where order_id = orders.id)',
  'select case when total > 10 then 1 else 0 end, coalesce(note, upper(note)), cast(total as text) from orders',
  'select sum(total) over (partition by id order by total), row_number() over (order by id) from orders',
  "select * from orders where note like 'a%' and total between 1 and 2 and id in (1, 2) and note is not null",
  'select date_trunc(note, now()), current_date, extract(year from now()) from orders limit 0',
  "select 'it''s; drop table orders'",
  'explain select * from orders',
  'explain delete from orders',
  'values (1), (2)',
  'table orders',
];

export const TABLES =
  "create table orders (id int, total int, note text); create table items (id int, order_id int); insert into orders values (1, 2, 'a')";
