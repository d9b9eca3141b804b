"""What the tests of the cockpit share with those of tickets."""

from tests.tickets.conftest import act as act
from tests.tickets.conftest import unchanged as unchanged
