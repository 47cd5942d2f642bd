using System.Text.Json;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SQS.Model;

namespace Vprox.Lab.Tests.Cloud;

public sealed class InstanceTests
{
    [Fact]
    public async Task A_terminated_instance_loses_its_addresses_and_says_so_by_events()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Ec2.AssociateAddressAsync(new() { AllocationId = "eipalloc-1", NetworkInterfaceId = CloudFixture.Eni1 });
        var queue = (await cloud.Sqs.GetQueueUrlAsync("vprox-events")).QueueUrl;

        var answer = await cloud.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [CloudFixture.Node1] });
        Assert.Equal(InstanceStateName.ShuttingDown, answer.TerminatingInstances.Single().CurrentState.Name);

        var states = new List<string?>();
        while (states.Count < 2)
        {
            var received = await cloud.Sqs.ReceiveMessageAsync(
                new ReceiveMessageRequest { QueueUrl = queue, MaxNumberOfMessages = 10, WaitTimeSeconds = 20 });
            foreach (var message in received.Messages ?? [])
            {
                using var body = JsonDocument.Parse(message.Body);
                Assert.Equal("EC2 Instance State-change Notification", body.RootElement.GetProperty("detail-type").GetString());
                Assert.Equal(CloudFixture.Node1, body.RootElement.GetProperty("detail").GetProperty("instance-id").GetString());
                states.Add(body.RootElement.GetProperty("detail").GetProperty("state").GetString());
                var deleted = await cloud.Sqs.DeleteMessageBatchAsync(new DeleteMessageBatchRequest(queue, [new("1", message.ReceiptHandle)]));
                Assert.Single(deleted.Successful);
            }
        }
        Assert.Equal(["shutting-down", "terminated"], states);
        var addresses = (await cloud.Ec2.DescribeAddressesAsync()).Addresses;
        Assert.All(addresses, address => Assert.Null(address.AssociationId));
        var enis = await cloud.Ec2.DescribeNetworkInterfacesAsync(new DescribeNetworkInterfacesRequest
        {
            Filters = [new Filter("attachment.instance-id", [CloudFixture.Node1])],
        });
        Assert.Empty(enis.NetworkInterfaces ?? []);
    }

    [Fact]
    public async Task Status_shows_impairment_and_only_running_instances_unless_asked()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Admin.ImpairAsync(CloudFixture.Node1, true);
        await cloud.Admin.ChangeStateAsync(CloudFixture.Node2, "stopped");

        var running = (await cloud.Ec2.DescribeInstanceStatusAsync(new DescribeInstanceStatusRequest())).InstanceStatuses;
        var all = (await cloud.Ec2.DescribeInstanceStatusAsync(new DescribeInstanceStatusRequest { IncludeAllInstances = true })).InstanceStatuses;

        Assert.Equal([CloudFixture.Node1, CloudFixture.FarNode], running.Select(status => status.InstanceId));
        Assert.Equal(SummaryStatus.Impaired, running[0].SystemStatus.Status);
        Assert.NotNull(running[0].SystemStatus.Details.Single().ImpairedSince);
        Assert.Equal(3, all.Count);
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Ec2.RunInstancesAsync(new RunInstancesRequest { SubnetId = "subnet-1", MinCount = 9, MaxCount = 9 });

        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await cloud.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { MaxResults = 5, NextToken = token });
            seen.AddRange(page.Reservations.SelectMany(reservation => reservation.Instances).Select(instance => instance.InstanceId));
            token = page.NextToken;
        }
        while (token is not null);

        Assert.Equal(12, seen.Distinct().Count());
        Assert.Equal(12, seen.Count);
    }

    [Fact]
    public async Task Filters_choose_by_state_tag_and_wildcard_and_an_unknown_one_is_refused()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Ec2.CreateTagsAsync(new CreateTagsRequest([CloudFixture.Node2], [new Tag("vprox:role", "proxy-node")]));

        async Task<IEnumerable<string>> Found(string name, string value) =>
            ((await cloud.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new Filter(name, [value])] })).Reservations ?? [])
            .SelectMany(reservation => reservation.Instances).Select(instance => instance.InstanceId);

        Assert.Equal([CloudFixture.Node2], await Found("tag:vprox:role", "proxy-*"));
        Assert.Equal(3, (await Found("instance-state-name", "running")).Count());
        Assert.Empty(await Found("instance-state-name", "stopped"));
        var refused = await Assert.ThrowsAsync<AmazonEC2Exception>(() => Found("colour", "blue"));
        Assert.Equal("InvalidParameterValue", refused.ErrorCode);
    }

    [Fact]
    public async Task A_stopped_instance_keeps_its_addresses_and_starts_again()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Ec2.AssociateAddressAsync(new() { AllocationId = "eipalloc-1", NetworkInterfaceId = CloudFixture.Eni1 });
        await cloud.Admin.ChangeStateAsync(CloudFixture.Node1, "stopped");

        Assert.Equal(CloudFixture.Node1, (await cloud.Admin.ElasticIpsAsync()).Single(ip => ip.AllocationId == "eipalloc-1").InstanceId);
        var started = await cloud.Ec2.StartInstancesAsync(new StartInstancesRequest([CloudFixture.Node1]));

        Assert.Equal(InstanceStateName.Pending, started.StartingInstances.Single().CurrentState.Name);
    }
}
