"""What is told about a search."""

from servicedesk.core.language import gettext as _
from servicedesk.search.grammar import Field
from servicedesk.search.meaning import Unclear


def told(unclear: Unclear) -> str:
    """Why a value found nothing; the same for what is not there and for what the reader may not know of."""
    value = unclear.value
    match unclear.field:
        case Field.SYSTEM:
            return _("Vi kender intet system, der hedder “%(value)s”.", value=value)
        case Field.UNIT:
            return _("Vi kender ingen enhed, der hedder “%(value)s”.", value=value)
        case Field.TEAM:
            return _("Vi kender intet team, der hedder “%(value)s”. Prøv også mig eller ingen.", value=value)
        case Field.FILER:
            return _("Vi kender ingen med navnet eller initialerne “%(value)s”.", value=value)
        case Field.ASSIGNEE:
            return _(
                "Vi kender ingen med navnet eller initialerne “%(value)s”. Prøv også mig eller ingen.", value=value
            )
        case Field.STATUS:
            return _("“%(value)s” er ingen tilstand. Prøv åben, ny, afventer, løst, lukket eller alle.", value=value)
        case Field.PRIORITY:
            return _("“%(value)s” er ingen prioritet. Prøv kritisk, høj, middel eller lav.", value=value)
        case Field.KIND:
            return _("“%(value)s” er ingen slags. Prøv hændelse eller serviceanmodning.", value=value)
        case Field.NUMBER:
            return _("“%(value)s” er ikke et nummer. Prøv fx SD-1042.", value=value)
        case Field.FILED | Field.UPDATED:
            return _("Vi forstår ikke tiden “%(value)s”. Prøv fx >2026-01-01, <7d eller i dag.", value=value)
