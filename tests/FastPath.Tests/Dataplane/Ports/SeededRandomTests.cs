using FastPath.Dataplane.Ports;
using Xunit;

namespace FastPath.Tests.Dataplane.Ports;

public sealed class SeededRandomTests
{
    [Fact]
    public void Gives_the_published_numbers_of_SplitMix64()
    {
        // Seed 1234567, first three outputs, as in the reference implementation's test vectors.
        SeededRandom random = new(1234567);
        Assert.Equal(6457827717110365317UL, random.Next());
        Assert.Equal(3203168211198807973UL, random.Next());
        Assert.Equal(9817491932198370423UL, random.Next());
    }

    [Fact]
    public void Stays_below_its_bound_and_reaches_every_number_below_it()
    {
        SeededRandom random = new(1);
        int[] seen = new int[7];
        for (int n = 0; n < 7000; n++)
            seen[random.Below(7)]++;
        Assert.All(seen, count => Assert.InRange(count, 800, 1200));
        Assert.Equal(0, random.Below(1));
        Assert.True(random.Permille(1000));
        Assert.False(random.Permille(0));
    }
}
