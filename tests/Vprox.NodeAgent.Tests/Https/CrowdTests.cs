using System.Net;
using System.Text.Json;
using Vprox.Addressing;
using Vprox.NodeAgent.Https;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Https;

[Collection(ManyFiles.Name)]
public sealed class CrowdTests
{
    [Fact]
    public async Task Eight_hundred_that_come_at_once_each_by_a_connection_of_its_own_are_all_connected_and_share_no_inner_address()
    {
        const int crowd = 800;
        using var directory = new StateDirectory();
        await using var node = await TestNode.StartAsync(directory.Path);
        await node.ServeAsync(0);
        var tokens = Enumerable.Range(1, crowd).ToDictionary(number => number, number => node.Signer.Sign(TestNode.Grant(0, Some.Key(number)) with
        {
            InnerAddresses = [AddressLayout.SharedAddresses(Some.Inner(0)).ElementAt(number - 1)],
        }));

        var answers = await Task.WhenAll(tokens.Select(async pair =>
        {
            using var client = new PeerClient(node, TestNode.PrivateAddress(0));
            using var response = await client.PostAsync("/connect", pair.Value, Some.Key(pair.Key));
            return (response.StatusCode, Text: await response.Content.ReadAsStringAsync());
        }));

        Assert.All(answers, answer => Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {answer.Text}"));
        Assert.Equal(crowd, answers.Select(answer => JsonDocument.Parse(answer.Text).RootElement.GetProperty("AssignedAddr").GetString()).Distinct().Count());
        var peers = Assert.Single(node.Kernel.Devices).Peers;
        Assert.Equal(crowd, peers.Count);
        Assert.Equal(crowd, peers.SelectMany(peer => peer.AllowedIps).Distinct().Count());
    }

    [Fact]
    public async Task More_than_can_wait_are_told_to_come_again_and_the_others_are_served()
    {
        using var directory = new StateDirectory();
        await using var node = await TestNode.StartAsync(directory.Path, limits: new PeerChangeLimits(AtOnce: 2, Waiting: 3));
        await node.ServeAsync(0);
        using var client = new PeerClient(node, TestNode.PrivateAddress(0));
        var may = new TaskCompletionSource();
        node.Kernel.MaySetPeers = may.Task;

        var connects = Enumerable.Range(0, 20).Select(number => client.PostAsync("/connect", node.Token(0, Some.Key(number + 1), number), Some.Key(number + 1))).ToList();
        await Eventually.TrueAsync(() => connects.Count(connect => connect.IsCompleted) == 15, "15 are told to come again");
        may.SetResult();
        var responses = await Task.WhenAll(connects);

        Assert.Equal(5, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.OK))
        {
            await PeerClient.AssertProblemAsync(HttpStatusCode.TooManyRequests, refused);
            Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
        }
        Assert.Equal(5, Assert.Single(node.Kernel.Devices).Peers.Count);
    }
}
