# Run once by PostgreSQL's image, when the data directory is empty: the two roles and the database of docs/deployment.md.
psql --username postgres --set ON_ERROR_STOP=1 \
  --set owner="$(cat /run/secrets/owner/quarkus.flyway.password)" \
  --set service="$(cat /run/secrets/service/quarkus.datasource.password)" <<'SQL'
create role liveness_owner login password :'owner';
create role liveness_gateway login password :'service';
create database liveness owner liveness_owner;
SQL
