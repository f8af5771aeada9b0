using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastPath;

/// <summary>Checks that stay on in production. A failure is a bug of ours and stops the worker that found it.</summary>
internal static class Invariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // one compare per batch; the throw stays out of line
    public static void Require([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
            Fail(what);
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(string what) => throw new InvariantException(what);
}

/// <summary>An invariant of FastPath did not hold.</summary>
internal sealed class InvariantException(string what) : Exception("invariant violated: " + what);
