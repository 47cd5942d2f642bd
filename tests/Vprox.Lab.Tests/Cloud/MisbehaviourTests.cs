using System.Net;
using Amazon.EC2;
using Amazon.EC2.Model;
using Vprox.Lab.Cloud;

namespace Vprox.Lab.Tests.Cloud;

public sealed class MisbehaviourTests
{
    [Fact]
    public async Task Describe_lags_behind_what_was_done()
    {
        await using var cloud = await CloudFixture.StartAsync(new CloudSettings { DescribeLagMs = 300_000, EffectDelayMs = 0, AnswerDelayMs = 0 });
        await Associate(cloud);

        Assert.Null((await Described(cloud)).AssociationId);
        await cloud.Admin.SetAsync(settings => settings with { DescribeLagMs = 0 });
        Assert.NotNull((await Described(cloud)).AssociationId);
    }

    [Fact]
    public async Task The_effect_comes_after_its_delay()
    {
        await using var cloud = await CloudFixture.StartAsync(new CloudSettings { EffectDelayMs = 300_000, AnswerDelayMs = 0 });
        await Associate(cloud);

        Assert.NotNull((await Described(cloud)).AssociationId);
        Assert.All(await cloud.Admin.EffectiveElasticIpsAsync(), ip => Assert.Null(ip.PrivateAddress));
        await cloud.Admin.SetAsync(settings => settings with { EffectDelayMs = 0 });
        Assert.Equal("10.0.1.10", (await cloud.Admin.EffectiveElasticIpsAsync())[0].PrivateAddress);
    }

    [Fact]
    public async Task The_51st_AssociateAddress_in_a_burst_is_throttled()
    {
        await using var cloud = await CloudFixture.StartAsync();

        // 70 at once refill at most 5 per second; a slow machine needs far less than the 4 s that 20 more tokens take.
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 70).Select(async _ =>
        {
            try
            {
                await Associate(cloud);
                return "ok";
            }
            catch (AmazonEC2Exception exception)
            {
                return exception.ErrorCode;
            }
        }));

        Assert.InRange(outcomes.Count(outcome => outcome == "ok"), 50, 69);
        Assert.Contains("RequestLimitExceeded", outcomes);
        Assert.Equal(70, await cloud.Admin.CountAsync("AssociateAddress"));
    }

    [Fact]
    public async Task Injected_faults_are_used_up_and_can_hide_a_success()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Admin.FailAsync(new InjectedFault { Action = "AssociateAddress", Code = "InternalError", Status = 500, AfterEffect = true });

        var failed = await Assert.ThrowsAsync<AmazonEC2Exception>(() => Associate(cloud));
        Assert.Equal(("InternalError", HttpStatusCode.InternalServerError), (failed.ErrorCode, failed.StatusCode));
        Assert.Equal("10.0.1.10", (await Described(cloud)).PrivateIpAddress);
        await Associate(cloud);
    }

    [Fact]
    public async Task An_outage_of_the_API_answers_503_and_forgets_nothing()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await Associate(cloud);
        await cloud.Admin.SetAsync(settings => settings with { ApiDown = true });
        var down = await Assert.ThrowsAsync<AmazonEC2Exception>(() => Described(cloud));
        await cloud.Admin.SetAsync(settings => settings with { ApiDown = false });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
        Assert.NotNull((await Described(cloud)).AssociationId);
    }

    [Theory]
    [InlineData("DescribeAddresses", "2016-11-15", false, "AuthFailure")]
    [InlineData("DescribeAddresses", "2010-01-01", true, "NoSuchVersion")]
    [InlineData("MakeCoffee", "2016-11-15", true, "InvalidAction")]
    public async Task A_request_that_is_none_is_refused(string action, string version, bool authorized, string code)
    {
        await using var cloud = await CloudFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["Action"] = action, ["Version"] = version }),
        };
        if (authorized)
            request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=lab");

        var answer = await cloud.Http.SendAsync(request);

        Assert.Contains($"<Code>{code}</Code>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(answer.IsSuccessStatusCode);
    }

    private static Task<AssociateAddressResponse> Associate(CloudFixture cloud) =>
        cloud.Ec2.AssociateAddressAsync(new() { AllocationId = "eipalloc-1", NetworkInterfaceId = CloudFixture.Eni1 });

    private static async Task<Address> Described(CloudFixture cloud) =>
        (await cloud.Ec2.DescribeAddressesAsync(new DescribeAddressesRequest { AllocationIds = ["eipalloc-1"] })).Addresses.Single();
}
