namespace FastPath.Dataplane.Engine;

/// <summary>A moment of the monotonic clock, in nanoseconds. Read once for each batch and passed on.</summary>
[Shared]
public readonly record struct Tick(long Nanoseconds)
{
    public static readonly Tick Never = new(long.MaxValue);

    public static Tick operator +(Tick tick, long nanoseconds) => new(tick.Nanoseconds + nanoseconds);

    public static long operator -(Tick later, Tick earlier) => later.Nanoseconds - earlier.Nanoseconds;

    public static bool operator <(Tick a, Tick b) => a.Nanoseconds < b.Nanoseconds;

    public static bool operator >(Tick a, Tick b) => a.Nanoseconds > b.Nanoseconds;

    public static bool operator <=(Tick a, Tick b) => a.Nanoseconds <= b.Nanoseconds;

    public static bool operator >=(Tick a, Tick b) => a.Nanoseconds >= b.Nanoseconds;
}
