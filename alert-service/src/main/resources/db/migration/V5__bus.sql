-- Which topic the offsets are of: Kafka gives each one an id when it is made, and another when it is made anew.
create table bus_topic (
    topic text primary key,
    id    text not null
);
