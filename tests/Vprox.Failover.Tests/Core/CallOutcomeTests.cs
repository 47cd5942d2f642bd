using CsCheck;
using Vprox.Failover.Core.Calls;

namespace Vprox.Failover.Tests.Core;

public sealed class CallOutcomeTests
{
    [Theory]
    [InlineData("RequestLimitExceeded", 400, Refusal.Throttled)]
    [InlineData("RequestLimitExceeded", 503, Refusal.Throttled)]
    [InlineData("ServiceUnavailable", 503, Refusal.Unavailable)]
    [InlineData("InternalError", 500, Refusal.Unavailable)]
    [InlineData("", 0, Refusal.Unavailable)]
    [InlineData("Resource.AlreadyAssociated", 400, Refusal.Unavailable)]
    [InlineData("InvalidAllocationID.NotFound", 400, Refusal.NotFound)]
    [InlineData("InvalidNetworkInterfaceID.NotFound", 400, Refusal.NotFound)]
    [InlineData("PrivateIpAddressLimitExceeded", 400, Refusal.Rejected)]
    [InlineData("InvalidParameterValue", 400, Refusal.Rejected)]
    public void A_refusal_is_read_as_documented(string code, int status, Refusal meaning) =>
        Assert.Equal(meaning, Assert.IsType<CallOutcome.Refused>(CallOutcome.From(ApiAction.Associate, code, status, "")).Why);

    [Fact]
    public void A_disassociate_of_what_is_not_associated_any_more_is_done() =>
        Assert.IsType<CallOutcome.Done>(CallOutcome.From(ApiAction.Disassociate, "InvalidAssociationID.NotFound", 400, ""));

    [Fact]
    public void Waits_grow_up_to_half_a_minute_and_are_never_nothing() =>
        Gen.Select(Gen.Enum<Refusal>(), Gen.Int[1, 1000], Gen.Double[0, 1]).Sample((why, failures, jitter) =>
            Assert.InRange(Backoff.After(why, failures, jitter), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30)));

    [Fact]
    public void What_is_not_found_right_after_a_write_is_asked_for_again_for_two_seconds() =>
        Assert.Equal(TimeSpan.FromSeconds(2), Enumerable.Range(1, 8).Aggregate(TimeSpan.Zero, (sum, n) => sum + Backoff.After(Refusal.NotFound, n, 0.5)));
}
