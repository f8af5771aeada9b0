namespace FastPath.Dataplane.Tables;

/// <summary>What <see cref="FdbTable.Learn"/> did.</summary>
public enum FdbUpdate
{
    /// <summary>The address was known on this port, or is static: a packet does not move it.</summary>
    Same,

    /// <summary>A new address.</summary>
    Added,

    /// <summary>The address was on another port.</summary>
    Moved,

    /// <summary>No room near the address's place.</summary>
    Full,
}

/// <summary>One line of a forwarding database listing.</summary>
[Shared]
public readonly record struct FdbRecord(int Bridge, ulong Mac, int Port, bool IsStatic, uint SeenSecond);

/// <summary>
/// How an entry's value is packed: port in 16 bits, static flag, second of the last packet in 32 bits.
/// </summary>
[Shared]
internal static class FdbValue
{
    private const ulong StaticBit = 1UL << 16;

    public static ulong Of(int port, uint second, bool isStatic) =>
        (uint)port | (isStatic ? StaticBit : 0) | ((ulong)second << 32);

    /// <summary>
    /// Whether learning the address on this port in this second would change nothing: so is a static entry, whatever
    /// port it names.
    /// </summary>
    public static bool IsFresh(ulong value, int port, uint second) =>
        value == ((uint)port | ((ulong)second << 32)) || (value & StaticBit) != 0;

    public static int Port(ulong value) => (ushort)value;

    public static bool IsStatic(ulong value) => (value & StaticBit) != 0;

    public static uint Second(ulong value) => (uint)(value >> 32);
}
