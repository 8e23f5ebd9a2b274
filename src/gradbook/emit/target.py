"""A target: what prints a loss for it, and what calls the source that was printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

from gradbook.emit.compared import require_right
from gradbook.emit.heading import heading
from gradbook.emit.kept import kept
from gradbook.emit.lazy import Lazy
from gradbook.emit.lowering import lower
from gradbook.emit.plan import plan
from gradbook.emit.stages import Stages, stages
from gradbook.emit.stand_ins import StandIn
from gradbook.kernels import Kernel
from gradbook.kernels.kernel import Function
from gradbook.loss import Loss


@dataclass(frozen=True)
class Target:
    """What prints a loss as named steps: `Stages` for one size, or a `Plan` for any.

    name:    by which it is asked for. title: what its kernels are called, before their size.
    printed: of the steps, and of the lines of the comment at its top, the source.
    """

    name: str
    title: str
    printed: Callable[[Any, Sequence[str]], str]

    language = ""

    def __call__(self, loss: Loss, *sizes: int) -> Kernel:
        """The kernel of a loss, for C and m, or for any size.

        Raises ValueError for a function that the language does not have; NotLowerable, a
        ValueError, for a loss that is more than loops over the classes, where any size is asked
        for; in C build.NoCompiler and build.CompilationFailed where it cannot be compared. A kernel
        of a library that is not installed raises ImportError when it is called.
        """
        classes, width = ([sizes[0]], sizes[1] + 1) if sizes else ((2, 3), None)

        def made() -> str:
            derived = stages(loss, *sizes) if sizes else lower(loss)
            steps = derived if isinstance(derived, Stages) else plan(derived)
            return self.printed(steps, heading(loss, self.name, derived))

        def compared(source: str) -> None:
            require_right(self.tried(source, loss, *sizes), loss, classes, width)

        source = kept(made, compared, loss, self.name, *sizes, self.is_here)
        function = self.function(source, loss, *sizes)
        return Kernel(
            name=", ".join([self.title, "C = {}, m = {}".format(*sizes) if sizes else "any size"]),
            origin=self.name,
            language=self.language,
            source=source,
            function=function,
            loss=loss.key,
            classes=sizes[0] if sizes else None,
            features=sizes[1] if sizes else None,
            module=None if sizes else getattr(function, "args", [None])[0],
            weighted=loss.weighted,
        )

    @property
    def is_here(self) -> bool:
        """Whether what runs its sources is installed."""
        return True

    def function(self, source: str, loss: Loss, *sizes: int) -> Function:
        """What a kernel with this source calls."""
        raise NotImplementedError

    def tried(self, source: str, loss: Loss, *sizes: int) -> Function:
        """What is compared with the right answer."""
        return self.function(source, loss, *sizes)


def called(module: Any, *arguments: Any) -> Any:
    """The function of a module, of NumPy's own arrays."""
    return module.loss_and_gradient(*arguments)


@dataclass(frozen=True)
class InPython(Target):
    """library: that the source needs. called: (module, W, X, y, …) → (L, G), where the source
    defines the module.
    """

    library: str
    called: Callable[..., Any] = called

    language = "Python"

    @property
    def is_here(self) -> bool:
        return find_spec(self.library) is not None

    def function(self, source: str, loss: Loss, *sizes: int) -> Function:
        return partial(self.called, Lazy(loss.key, source, self.library))

    def tried(self, source: str, loss: Loss, *sizes: int) -> Function:
        """By NumPy, where the library is not there."""
        kind = Lazy if self.is_here else StandIn
        return partial(self.called, kind(loss.key, source, self.library))


@dataclass(frozen=True)
class InC(Target):
    """compiled: (source, C, m), or (source) for any size, → what is compiled when it is called."""

    compiled: Callable[..., Function]

    language = "C"

    def function(self, source: str, loss: Loss, *sizes: int) -> Function:
        return self.compiled(source, *sizes)
