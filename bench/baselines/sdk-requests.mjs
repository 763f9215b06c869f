import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand } from '@aws-sdk/client-sns';

export const requestsOf = (db, sns) => ({
  putItem: (input) => db.send(new PutItemCommand(input)),
  updateItem: (input) => db.send(new UpdateItemCommand(input)),
  publish: (input) => sns.send(new PublishCommand(input)),
});
