using CsCheck;
using Vprox.Scenarios.Results;

namespace Vprox.Scenarios.Tests;

public sealed class DistributionTests
{
    [Fact]
    public void Without_values_there_is_none() => Assert.Null(Distribution.Of([]));

    [Fact]
    public void Twenty_runs_have_their_maximum_as_99th_percentile() =>
        Assert.Equal(new Distribution(20, 10, 20, 20), Distribution.Of(Enumerable.Range(1, 20).Reverse().Select(number => (double)number)));

    [Fact]
    public void Of_two_hundred_runs_two_may_be_above_the_99th_percentile() =>
        Assert.Equal(new Distribution(200, 100, 198, 200), Distribution.Of(Enumerable.Range(1, 200).Select(number => (double)number)));

    [Fact]
    public void Every_figure_is_one_that_was_measured_and_they_are_in_order() => Gen.Double[0, 10_000].Array[1, 300].Sample(values =>
    {
        var figure = Distribution.Of(values)!;
        return values.Contains(figure.Median) && values.Contains(figure.P99) && figure.Median <= figure.P99 && figure.P99 <= figure.Max
            && figure.Max == values.Max() && values.Count(value => value <= figure.Median) * 2 >= values.Length
            && values.Count(value => value <= figure.P99) >= 0.99 * values.Length;
    });
}
