import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiClient } from './api-client.entity.js';
import { Membership } from './membership.entity.js';
import { Organisation } from './organisation.entity.js';
import { Person, PersonAlias } from './person.entity.js';

/** The repositories of organisations, persons and memberships. */
@Module({
  imports: [TypeOrmModule.forFeature([Organisation, Person, PersonAlias, Membership, ApiClient])],
  exports: [TypeOrmModule],
})
export class PeopleModule {}
