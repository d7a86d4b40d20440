"""``filter(pk__among=keys)``: thousands of rows by their keys, as one parameter and not as thousands."""

from typing import Any

from django.db.models import AutoField, BigAutoField, Lookup


@AutoField.register_lookup
@BigAutoField.register_lookup
class Among(Lookup):
    lookup_name = "among"

    def get_prep_lookup(self) -> list[int]:
        return [int(key) for key in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*params, self.rhs]
