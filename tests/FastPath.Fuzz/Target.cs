using System;
using System.Collections.Generic;

namespace FastPath.Fuzz;

/// <summary>Something that takes bytes from strangers.</summary>
internal abstract class Target : IDisposable
{
    /// <summary>Name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What mutations start from.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Feeds one input; throws when something is wrong.</summary>
    public abstract void Run(byte[] input);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Throws unless a property holds.</summary>
    protected static void Require(bool holds, string what)
    {
        if (!holds)
            throw new PropertyException(what);
    }
}

/// <summary>A property that an input has broken.</summary>
internal sealed class PropertyException(string what) : Exception(what);
