using Amazon.EC2;
using Amazon.EC2.Model;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.Faults;

namespace Vprox.Lab.Tests.Cloud;

public sealed class FaultTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_share_of_calls_fails_until_faults_are_cleared()
    {
        await using var cloud = await CloudFixture.StartAsync(new CloudSettings { AnswerDelayMs = 0, Throttling = false });
        await cloud.Admin.FailAsync(InjectedFault.Throttled("DescribeAddresses", rate: 0.5));
        var outcomes = new List<bool>();
        for (var call = 0; call < 60; call++)
            outcomes.Add(await SucceedsAsync(cloud));
        Assert.Contains(true, outcomes);
        Assert.Contains(false, outcomes);

        await cloud.Admin.ClearFaultsAsync();

        Assert.True(await SucceedsAsync(cloud));
    }

    [Fact]
    public async Task A_frozen_Describe_lies_while_the_truth_moves_on()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Admin.FreezeDescribeAsync();
        await AssociateAsync(cloud);

        Assert.Null((await cloud.Ec2.DescribeAddressesAsync()).Addresses[0].PrivateIpAddress);
        Assert.Equal("10.0.1.10", (await cloud.Admin.ElasticIpsAsync())[0].PrivateAddress);

        await cloud.Admin.ThawDescribeAsync();
        Assert.Equal("10.0.1.10", (await cloud.Ec2.DescribeAddressesAsync()).Addresses[0].PrivateIpAddress);
    }

    [Fact]
    public async Task A_call_held_at_its_arrival_is_not_done_and_one_held_at_its_answer_is()
    {
        await using var cloud = await CloudFixture.StartAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        await using var first = await cloud.Admin.HoldAsync("AssociateAddress", nth: 1, HoldPoint.Arrival);
        await using var second = await cloud.Admin.HoldAsync("AssociateAddress", nth: 1, HoldPoint.Answer);
        var calling = AssociateAsync(cloud);

        await first.ReachedAsync(deadline.Token);
        Assert.Null((await cloud.Admin.ElasticIpsAsync())[0].PrivateAddress);
        Assert.Equal(0, await cloud.Admin.CountAsync("AssociateAddress"));
        await first.ReleaseAsync();

        await second.ReachedAsync(deadline.Token);
        Assert.Equal("10.0.1.10", (await cloud.Admin.ElasticIpsAsync())[0].PrivateAddress);
        Assert.False(calling.IsCompleted);
        await second.ReleaseAsync();

        await calling;
        Assert.Equal(1, await cloud.Admin.CountAsync("AssociateAddress"));
    }

    [Fact]
    public async Task What_has_arrived_is_done_although_the_caller_is_gone()
    {
        await using var cloud = await CloudFixture.StartAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        await using var held = await cloud.Admin.HoldAsync("AssociateAddress", nth: 1, HoldPoint.Arrival);
        using var caller = new CancellationTokenSource();
        var calling = AssociateAsync(cloud, caller.Token);
        await held.ReachedAsync(deadline.Token);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await held.ReleaseAsync();

        await Vprox.Lab.Topology.VproxLab.WaitForAsync(
            "association", async () => (await cloud.Admin.ElasticIpsAsync())[0].PrivateAddress, Deadline);
    }

    [Fact]
    public async Task A_slow_answer_comes_late_and_its_effect_does_not()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Admin.SlowAsync("AssociateAddress", new Slowness(AfterMs: 400));

        await AssociateAsync(cloud);

        var call = Assert.Single(await cloud.Admin.CallsAsync(), call => call.Action == "AssociateAddress");
        var move = Assert.Single(await cloud.Admin.MovesAsync());
        Assert.True((call.Answered - call.Arrived).TotalMilliseconds >= 395);
        Assert.Equal(call.Arrived, move.Called);
        Assert.True(call.Answered - move.Decided >= TimeSpan.FromMilliseconds(395));
    }

    [Fact]
    public async Task Every_move_is_told_with_where_from_where_to_and_which_call()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Ec2.AssignPrivateIpAddressesAsync(new() { NetworkInterfaceId = CloudFixture.Eni1, PrivateIpAddresses = ["10.0.1.20", "10.0.1.21"] });
        await cloud.Ec2.AssociateAddressAsync(new() { AllocationId = "eipalloc-1", NetworkInterfaceId = CloudFixture.Eni1, PrivateIpAddress = "10.0.1.20" });
        await cloud.Admin.ForgetMovesAsync();

        await cloud.Ec2.AssignPrivateIpAddressesAsync(
            new() { NetworkInterfaceId = CloudFixture.Eni2, PrivateIpAddresses = ["10.0.1.20", "10.0.1.21"], AllowReassignment = true });

        var moves = await cloud.Admin.MovesAsync();
        Assert.Equal(["10.0.1.20 192.0.2.10", "10.0.1.21 "], moves.Select(move => $"{move.PrivateAddress} {move.PublicAddress}"));
        Assert.All(moves, move =>
        {
            Assert.Equal((CloudFixture.Node1, CloudFixture.Eni2), (move.From!.InstanceId, move.To!.NetworkInterfaceId));
            Assert.Equal("AssignPrivateIpAddresses", move.Action);
            Assert.Null(move.Effective);
        });
    }

    [Fact]
    public async Task Metadata_can_fail_for_one_instance_alone()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Admin.SetMetadataFaultAsync(CloudFixture.Node1, new MetadataFault(DelayMs: 100, Status: 500));

        Assert.Equal(500, await StatusAsync(cloud, CloudFixture.Node1));
        Assert.Equal(401, await StatusAsync(cloud, CloudFixture.Node2));
    }

    private static async Task<int> StatusAsync(CloudFixture cloud, string instance)
    {
        using var imds = new HttpClient { BaseAddress = cloud.Server.Metadata[instance] };
        using var answer = await imds.GetAsync("/latest/meta-data/instance-id");
        return (int)answer.StatusCode;
    }

    private static Task<AssociateAddressResponse> AssociateAsync(CloudFixture cloud, CancellationToken cancel = default) =>
        cloud.Ec2.AssociateAddressAsync(new() { AllocationId = "eipalloc-1", NetworkInterfaceId = CloudFixture.Eni1 }, cancel);

    private static async Task<bool> SucceedsAsync(CloudFixture cloud)
    {
        try
        {
            await cloud.Ec2.DescribeAddressesAsync();
            return true;
        }
        catch (AmazonEC2Exception)
        {
            return false;
        }
    }
}
