using System;

namespace FastPath.Net;

/// <summary>One TCP option.</summary>
/// <param name="kind">Kind (IANA registry).</param>
/// <param name="value">What follows kind and length; empty for no-operation.</param>
public readonly ref struct TcpOption(byte kind, ReadOnlySpan<byte> value)
{
    public const byte EndOfList = 0;
    public const byte NoOperation = 1;
    public const byte MaximumSegmentSize = 2;
    public const byte WindowScale = 3;
    public const byte SackPermitted = 4;
    public const byte Timestamps = 8;

    public byte Kind { get; } = kind;

    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>
/// Walks TCP options (RFC 9293 section 3.1). Never reads outside the bytes and ends after at most as many steps as
/// there are bytes; what was returned before a malformed option is right.
/// </summary>
/// <param name="options">The bytes between the fixed header and the data offset, 0..40.</param>
public ref struct TcpOptions(ReadOnlySpan<byte> options)
{
    private ReadOnlySpan<byte> _rest = options;

    public TcpOption Current { get; private set; }

    /// <summary>Whether the walk ended at an option whose length is below 2 or leaves the header.</summary>
    public bool IsMalformed { get; private set; }

    public readonly TcpOptions GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty || _rest[0] == TcpOption.EndOfList)
            return false;
        if (_rest[0] == TcpOption.NoOperation)
            return Take(1, 1);
        int length = _rest.Length < 2 ? 0 : _rest[1];
        IsMalformed = length < 2 || length > _rest.Length;
        return !IsMalformed && Take(length, 2);
    }

    private bool Take(int length, int header)
    {
        Current = new TcpOption(_rest[0], _rest[header..length]);
        _rest = _rest[length..];
        return true;
    }
}
