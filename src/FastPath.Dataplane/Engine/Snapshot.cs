using System.Threading;

namespace FastPath.Dataplane.Engine;

/// <summary>An immutable value that one thread replaces and every worker reads.</summary>
[Shared]
public sealed class Snapshot<T>(T initial) where T : class
{
    private T _current = initial;

    /// <summary>Read once for each batch, kept in a local: acquire, pairs with <see cref="Publish"/>.</summary>
    public T Read() => Volatile.Read(ref _current);

    /// <summary>
    /// Replaces the value; control thread only. Release: the whole object is visible before the reference.
    /// </summary>
    public void Publish(T next) => Volatile.Write(ref _current, next);
}
