using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Faults;

namespace Vprox.Lab.Tests.Topology;

public sealed class CloudEndpointTests
{
    [Fact]
    public async Task EC2_SQS_and_IMDS_go_down_and_up_each_alone()
    {
        await using var lab = await VproxLab.StartAsync(new LabOptions { Services = false, Nodes = 1, Workers = 0 });
        var all = ((CloudEndpoint Endpoint, LabHost Host, IPEndPoint At)[])
        [
            (lab.Ec2, lab.Control, new(LabPlan.ControlRouter, LabPlan.CloudPort)),
            (lab.Sqs, lab.Control, new(LabPlan.ControlRouter, LabPlan.QueuePort)),
            (lab.Metadata, lab.Nodes[0], new(LabPlan.Metadata, 80)),
        ];
        foreach (var (endpoint, host, at) in all)
        {
            endpoint.Refuse();
            Assert.Equal(SocketError.ConnectionRefused, await ConnectAsync(host, at));
            Assert.All(await Task.WhenAll(all.Where(other => other.Endpoint != endpoint).Select(other => ConnectAsync(other.Host, other.At))),
                result => Assert.Equal(SocketError.Success, result));

            endpoint.Vanish();
            Assert.Equal(SocketError.TimedOut, await ConnectAsync(host, at, TimeSpan.FromMilliseconds(300)));

            endpoint.Restore();
            Assert.Equal(SocketError.Success, await ConnectAsync(host, at));
        }
    }

    private static async Task<SocketError> ConnectAsync(LabHost host, IPEndPoint at, TimeSpan? within = null)
    {
        using var socket = host.OpenTcp();
        using var deadline = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(20));
        try
        {
            await socket.ConnectAsync(at, deadline.Token);
            return SocketError.Success;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
        catch (OperationCanceledException)
        {
            return SocketError.TimedOut;
        }
    }
}
