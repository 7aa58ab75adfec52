"""Who stands by a resident was set in two places; it stays in one."""

from django.db import migrations

MERGE = """
    UPDATE areas_municipality
    SET settings = (settings - 'client_support_name' - 'client_support_phone')
        || jsonb_strip_nulls(jsonb_build_object(
            'support_name', COALESCE(settings->'support_name', settings->'client_support_name'),
            'support_phone', COALESCE(settings->'support_phone', settings->'client_support_phone')
        ))
    WHERE settings ?| ARRAY['client_support_name', 'client_support_phone']
"""


class Migration(migrations.Migration):
    """Move what stood in the second place."""

    dependencies = [("areas", "0003_settings")]
    operations = [migrations.RunSQL(MERGE, migrations.RunSQL.noop)]
