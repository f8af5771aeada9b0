using System.Collections.Generic;
using System.Linq;
using CsCheck;
using FastPath.Dataplane.Engine;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class PacketSetTests
{
    [Fact]
    public void Walks_its_slots_in_ascending_order() =>
        Gen.ULong.Sample(bits =>
        {
            List<int> walked = [];
            foreach (int slot in new PacketSet(bits))
                walked.Add(slot);
            Assert.Equal(Enumerable.Range(0, 64).Where(n => (bits >> n & 1) != 0), walked);
            Assert.Equal(walked.Count, new PacketSet(bits).Count);
        });

    [Theory]
    [InlineData(0, 0UL)]
    [InlineData(1, 1UL)]
    [InlineData(63, ulong.MaxValue >> 1)]
    [InlineData(64, ulong.MaxValue)]
    public void First_is_the_lowest_slots(int count, ulong bits) => Assert.Equal(bits, PacketSet.First(count).Bits);
}
