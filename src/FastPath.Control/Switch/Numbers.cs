using System;
using System.Collections.Generic;

namespace FastPath.Control.Switch;

/// <summary>
/// Numbers of one table of the data plane by the names of the objects that have them. A name keeps its number for as long
/// as it is in use; a number is given to another name only after nothing refers to it any more.
/// </summary>
internal sealed class Numbers(int limit)
{
    private readonly Dictionary<string, ushort> _byName = new(StringComparer.Ordinal);
    private readonly SortedSet<ushort> _free = [];
    private ushort _next = 1;

    /// <summary>One more than the largest number ever given: the length of tables indexed by it.</summary>
    public int Length => _next;

    public IReadOnlyDictionary<string, ushort> All => _byName;

    /// <summary>The name's number; a new one when it has none.</summary>
    /// <exception cref="InvalidOperationException">All numbers are taken.</exception>
    public ushort Claim(string name)
    {
        if (_byName.TryGetValue(name, out ushort number))
            return number;
        if (_free.Count != 0)
        {
            number = _free.Min;
            _free.Remove(number);
        }
        else if (_next == limit)
            throw new InvalidOperationException($"no number is left for {name}: at most {limit - 1} are possible");
        else
            number = _next++;
        return _byName[name] = number;
    }

    /// <summary>Whether all names could have numbers beside those that have one now.</summary>
    public bool HasRoomFor(IEnumerable<string> names)
    {
        int room = limit - 1 - _byName.Count;
        foreach (string name in names)
            if (!_byName.ContainsKey(name))
                room--;
        return room >= 0;
    }

    /// <summary>The name's number, or 0.</summary>
    public ushort Of(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The name with that number; null when it has none.</summary>
    public string? NameOf(int number)
    {
        foreach ((string name, ushort one) in _byName)
            if (one == number)
                return name;
        return null;
    }

    /// <summary>Gives a number back; nothing may refer to it any more.</summary>
    public void Release(string name)
    {
        if (_byName.Remove(name, out ushort number))
            _free.Add(number);
    }
}
