using CsCheck;
using FastPath.Dataplane.Tables;
using Xunit;

namespace FastPath.Tests.Dataplane.Tables;

public sealed class FdbValueTests
{
    [Fact]
    public void What_is_packed_comes_back() =>
        Gen.Select(Gen.UShort, Gen.UInt, Gen.Bool).Sample((port, second, isStatic) =>
    {
        ulong value = FdbValue.Of(port, second, isStatic);
        Assert.Equal((port, second, isStatic),
            (FdbValue.Port(value), FdbValue.Second(value), FdbValue.IsStatic(value)));
    });
}
