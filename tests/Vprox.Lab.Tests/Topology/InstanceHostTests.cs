using Amazon.EC2;
using Amazon.EC2.Model;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Tests.Topology;

public sealed class InstanceHostTests(LabFixture fixture)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_instance_gets_a_host_when_it_runs_and_loses_it_when_it_is_terminated()
    {
        var made = (await fixture.Ec2.RunInstancesAsync(new RunInstancesRequest
        {
            LaunchTemplate = new LaunchTemplateSpecification { LaunchTemplateId = LabPlan.LaunchTemplateId },
            SubnetId = LabPlan.SubnetId(1),
            MinCount = 1,
            MaxCount = 1,
        })).Reservation.Instances[0];

        var node = await VproxLab.WaitForAsync(
            "host", () => Task.FromResult(fixture.Lab.Nodes.FirstOrDefault(node => node.InstanceId == made.InstanceId)), Deadline);
        await ReachableAsync(made.PrivateIpAddress, true);
        await fixture.PlaceAsync(node, "10.0.5.90", elasticIp: 6);
        await node.ExecuteAsync("ip", "address", "add", "10.0.5.90/32", "dev", "eth0");
        await ReachableAsync("192.0.2.16", true);

        await fixture.Ec2.StopInstancesAsync(new() { InstanceIds = [made.InstanceId] });
        await VproxLab.WaitForAsync("power off", () => Task.FromResult(node.IsOff ? "off" : null), Deadline);
        await ReachableAsync("192.0.2.16", false);
        await fixture.Ec2.StartInstancesAsync(new() { InstanceIds = [made.InstanceId] });
        await ReachableAsync("192.0.2.16", true);

        await fixture.Ec2.TerminateInstancesAsync(new() { InstanceIds = [made.InstanceId] });
        await VproxLab.WaitForAsync("power off", () => Task.FromResult(node.IsOff ? "off" : null), Deadline);
        await ReachableAsync("192.0.2.16", false);
    }

    private Task<string> ReachableAsync(string address, bool expected) => VproxLab.WaitForAsync($"{address} {expected}", async () =>
    {
        try
        {
            await fixture.Lab.Control.ExecuteAsync("ping", "-c", "1", "-W", "1", address);
            return expected ? "yes" : null;
        }
        catch (InvalidOperationException)
        {
            return expected ? null : "no";
        }
    }, Deadline);
}
